//! What was generated is left out: compiling it is not the generator's cost.
