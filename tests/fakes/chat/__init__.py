"""Chat: people at their Slack and Discord, doing the same on both and seeing the same.

    async with office(chats, directory, clock) as desk:
        offer = await desk.ada.asks("subscribe ferries hourly", what="ferries", cadence="hourly")
        await desk.ada.presses(offer, "Confirm")

Each platform's fake is spoken to by newsbot as it is assembled for `newsbot run`.
"""
