#pragma once
/*
 * Walls: what the system offers to shut a process in with. Each call is about the calling process, which has one thread, and
 * is false where the system does not grant it. What Linux has is in walls_linux.c, what is elsewhere in walls_other.c.
 */
#include "proof/contain.h"

/* The process is ended when the one that started it ends. */
void walls_die_with_parent(void);
/* New namespaces: the user stays who he is, the network is a loop to itself, the mounts can only be read but for the scratch
   folder, what is covered is covered, and children have process numbers of their own. */
bool walls_enter_namespaces(const Containment *containment);
/* /proc as the processes of the new namespace are to see it, and a limit to how many there can be. Requires: the first
   process in it. */
void walls_number_processes(void);
/* What the namespaces were made with is given up. */
bool walls_drop_privileges(void);
/* No sockets of the internet from now on. */
bool walls_filter_network(void);
