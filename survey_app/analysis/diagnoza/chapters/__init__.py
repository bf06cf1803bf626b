"""One module per chapter of the diagnoza: each turns results into blocks, and wording is all that it adds."""
