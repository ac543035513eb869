"""短信平台: takes texts for the telephones of parties."""
