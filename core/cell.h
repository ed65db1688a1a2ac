/* cell.h: what the two sides of a cell agree on, and its files share. */
#ifndef CELL_H
#define CELL_H

#include "gr.h"

/* At these descriptors the process finds the marker, and where it prints. BUNDLE is the program's own file, for who starts it. */
enum { CELL_CHANNEL = 0, CELL_OUTPUT = 1, CELL_ERRORS = 2, CELL_PROGRAM = 3 };

static const uint32_t cell_magic = 0x6c6c6563;

/* To the cell: this, then the name, the zone, the script and the inputs; then the files, a cell_file before each. No gaps between
** the fields: they would carry old memory.                                                                                    */
typedef struct cell_order {
  uint32_t magic;
  uint16_t trust, portable;
  double seconds;
  uint64_t memory, value, name_size, zone_size, script_size, inputs_size, files;
} cell_order;

/* Before a file: its name and its bytes follow. */
typedef struct cell_file {
  uint64_t name_size, size;
} cell_file;

/* From the cell: this and `size` bytes. First CELL_WALLS with an unsigned, as soon as they stand; then one gr_cell_end. */
typedef struct cell_frame {
  uint32_t kind, size;
} cell_frame;

enum { CELL_WALLS = 100 };

/* cell_start.c: starts the process, in bubblewrap or (wrapped = false) without; fills c->pid, channel, printed. */
bool cell_spawn(gr_cell *c, bool wrapped, gr_err *err);

void cell_close_from(int first); /* closes that descriptor and all above */

/* cell_inside.c: sends a frame. */
void cell_send(uint32_t kind, const void *bytes, size_t n);

/* cell_walls.c: each puts up a wall around this process, for good; false where the system does not have it. */
bool cell_wall_user(void);
bool cell_wall_landlock(void);
bool cell_wall_limits(const gr_cell_job *job);
bool cell_wall_seccomp(void);

/* The name of a system call by its number; the caller frees. NULL: it has none. */
char *cell_call_name(int number);

double cell_now(void);

#endif
