"""A team's papers: text composed from what was filled in, its blocks, the letter as PDF and DOCX."""
