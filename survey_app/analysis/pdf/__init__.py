"""Tagged PDF (PDF/UA-1) and the sheets made with it: blank form, letters, poster. Renderers of plain dataclasses."""
