"""One module per family of elements: what each does when it is entered, when it has run and when it is left."""
