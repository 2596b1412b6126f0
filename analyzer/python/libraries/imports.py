"""What awry knows of libraries without being shown a virtual environment: these names, and what they lead to."""
import aio_pika
import aiofiles
import aiohttp
import aiokafka
import aiomqtt
import aiomysql
import aiopg
import aiosmtplib
import aiosqlite
import anyio
import anyio.abc
import anyio.from_thread
import anyio.to_thread
import async_timeout
import asyncpg
import discord
import grpc.aio
import httpx
import nats
import redis.asyncio
import trio
import websockets
from aiohttp import web
from anthropic import AsyncAnthropic
from discord.ext import commands, tasks
from elasticsearch import AsyncElasticsearch
from fastapi import Request, UploadFile, WebSocket
from nats.aio.client import Client
from openai import AsyncAzureOpenAI, AsyncOpenAI
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from pymongo import AsyncMongoClient
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_scoped_session,
    async_sessionmaker,
    create_async_engine,
)
from starlette.requests import Request
from starlette.websockets import WebSocket
from telegram import Bot, CallbackQuery, Chat, Message, Update, User
from telegram.ext import Application, ApplicationBuilder, ContextTypes
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
