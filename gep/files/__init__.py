"""Files that people make and get: tables and YAML that remember their lines, workbooks before they are trusted, files that appear whole or not at all."""
