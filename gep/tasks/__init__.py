"""What people ask the program to do, one function a task: prepare, check, run, compensate."""
