"""The workbench as staff see it: the table with its preview, what a draft does, and the steps that put it into force."""
