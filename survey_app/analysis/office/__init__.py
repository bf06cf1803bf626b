"""Word documents that others go on writing in: styles, fields, tables and pictures, in the format's own terms."""
