"""What a step is. Knows no Django models, no HTTP views and no flows."""
