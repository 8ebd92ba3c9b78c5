"""A pycrdt-websocket server as its documentation starts one; its argument is the port."""

import asyncio
import sys

from hypercorn.asyncio import serve
from hypercorn.config import Config
from pycrdt.websocket import ASGIServer, WebsocketServer


async def main() -> None:
    config = Config()
    config.bind = [f"127.0.0.1:{sys.argv[1]}"]
    config.loglevel = "ERROR"
    async with WebsocketServer() as server:
        await serve(ASGIServer(server), config, mode="asgi")


asyncio.run(main())
