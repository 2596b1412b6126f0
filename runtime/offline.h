#pragma once
/*
 * Offline: aiohttp and httpx get an answer to each request without a network, from memory: 200, with an empty JSON object. A
 * request still waits once, as one that goes out does.
 */
#include <stdbool.h>

/* Watches for the libraries, whenever the program imports them; of a version in which there is no place for this it is reported
   that requests go out. False with an error set if imports cannot be watched. */
bool offline_install(void);
