"""The forms, one module for each family; every form is a function that lays one case out on a sheet."""
