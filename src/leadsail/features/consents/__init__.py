"""What people agreed to: as their lead tells, as a campaign attests for its leads, and as it was recorded besides."""
