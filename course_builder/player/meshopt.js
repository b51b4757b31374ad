// Nothing. The viewer of models holds the decoder of Meshopt, but uses it only after a script has come from an address of its own.
