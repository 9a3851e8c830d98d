"""Write the tables of an atlas to files: one module for each format or group of related formats."""
