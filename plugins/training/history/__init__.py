"""Records of training of each person: earlier results, tutoring, effect."""
