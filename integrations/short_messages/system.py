"""Declare the platform for short messages; without one an installation sends no texts."""

from integrations.short_messages.client import ShortMessagesClient
from integrations.short_messages.simulator import ShortMessagesSimulator
from integrations.wire.system import OutsideSystem
from services.ports.systems import SHORT_MESSAGES

SYSTEM = OutsideSystem(SHORT_MESSAGES, ShortMessagesClient, ShortMessagesSimulator, optional=True)
