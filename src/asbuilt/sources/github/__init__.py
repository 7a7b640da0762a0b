"""GitHub, in the cloud or a company's own: what is asked, with which right, and in which order."""
