"""hipkit: the works behind the HIP course on health-data security and privacy."""

__version__ = "0.1.0"
