"""Every endpoint of the partner API, imported once so that the list of relays is whole."""

import integrations.broker_association.cards_endpoints
import integrations.broker_association.endpoints
import integrations.district_platform.endpoints
import integrations.provident_fund.endpoints
import integrations.rental_company.endpoints
import integrations.wire.exchange.ping  # noqa: F401
