-- Findings in Chinese beside the English ones, as they were said at the time of the run.
ALTER TABLE explanation ADD COLUMN found_zh VARCHAR USING COMPRESSION zstd;
