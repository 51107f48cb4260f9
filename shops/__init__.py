"""The e-shops: credentials, signature keys, the OAuth add-on, and what is switched on."""
