"""What agents say: prompt templates in Liquid, and flows in YAML with all their versions."""
