"""Providers on the network, asked only when a person says so; nothing else in the program opens a connection.

provider    who may be asked: datum, quota, key, address; what a provider's answer is turned into
osm · baidu · amap · tianditu   one geocoder each, through geopy
faults      what can go wrong with a provider, and what that means for the run
cache       every answer, kept, so that nothing is asked twice
asking      one question: the cache, the quota, the retries
areas       whether an answer lies in the area that a row or a text names
locator     offline first, then the provider; the same protocol as the offline locators
opening     all of it put together from the environment
"""

from qjmap.locators.online.provider import PROVIDERS

__all__ = ["PROVIDERS"]
