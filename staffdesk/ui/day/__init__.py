"""The parts of the pages Aujourd'hui and Fermer la journée."""
