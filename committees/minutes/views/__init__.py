"""Pages of minutes and of the register, by what one does on them."""
