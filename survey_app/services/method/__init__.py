"""The method around ankieta, interviews and coding: its process, the team's forms and documents."""
