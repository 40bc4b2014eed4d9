"""A probe of the guide: surveys and inspections on forms with points."""
