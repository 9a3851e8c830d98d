"""Online providers of geocoding, queried only on request; nothing else in the program queries a server on the internet.

providers            the table of providers: datum, rate, key, URL; the results that their answers are parsed into
nominatim_photon · amap · tianditu · baidu   one client of a provider's API each, through geopy
http_adapter         HTTP requests of geopy's geocoders: limited in time and size, no redirect to another server
errors               errors of providers by their consequence; translation of geopy's exceptions into them
cache                every answer in one SQLite file; the rate limit shared by all processes
provider_client      one query: cache, rate limit, retries
area_check           whether a point lies in the area that a row or a text names
online_locator       locator that queries the offline locator first, then the provider
environment          an online locator made from environment variables
messages             lines for people: terms, retries, outcomes, progress
"""

from qjmap.geocoding.online.providers import PROVIDERS

__all__ = ["PROVIDERS"]
