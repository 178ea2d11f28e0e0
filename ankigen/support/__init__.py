"""Tools that know nothing of cards: values, hashes, normal forms of names, files, folders."""
