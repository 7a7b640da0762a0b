"""Lock files to components; components held against advisories, licences and registry facts."""
