"""What people type, one thin module an area; `AREAS` lists them in the order of help."""
