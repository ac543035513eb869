"""Visibility of citizens' sessions, drafts and invitations: the system's, whose handlers narrow them to the person who is signed in."""

from models.access import Role
from models.citizens import CitizenDraft, CitizenInvitation, CitizenSession
from services.engine.work import shown_whole

shown_whole(CitizenSession, CitizenDraft, CitizenInvitation, roles={Role.SYSTEM})
