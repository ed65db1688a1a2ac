/* facts.c: what runs here: the program, its libraries, the machine. A record of a run holds them. */
#include "gr.h"

#include <cblas.h>
#include <gnu/libc-version.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

/* How this file was compiled, and with it all others; the Makefile says it. */
#ifndef GR_BUILD_FLAGS
#define GR_BUILD_FLAGS ""
#endif

enum { ALIGN = 4 }; /* bytes, of the parts of a note */

static size_t aligned(size_t n) { return (n + ALIGN - 1) / ALIGN * ALIGN; }

/* The build id among the notes in memory, in hexadecimal digits. ELF, chapter 5: header, name, description. */
static bool read_notes(const char *at, size_t bytes, char *out, size_t room) {
  const char *end = at + bytes;
  while (at + sizeof(ElfW(Nhdr)) <= end) {
    ElfW(Nhdr) note;
    memcpy(&note, at, sizeof note);
    const char *name = at + sizeof note;
    const unsigned char *id = (const unsigned char *)name + aligned(note.n_namesz);
    const bool gnu = note.n_namesz == sizeof "GNU" && memcmp(name, "GNU", sizeof "GNU") == 0;
    if (note.n_type == NT_GNU_BUILD_ID && gnu) {
      for (size_t i = 0; i < note.n_descsz && 2 * i + 3 <= room; i++) snprintf(out + 2 * i, 3, "%02x", id[i]);
      return true;
    }
    at = (const char *)id + aligned(note.n_descsz);
  }
  return false;
}

/* The first object that is visited is the program itself: 1 ends the visit. */
static int find_build(struct dl_phdr_info *object, size_t size, void *facts) {
  (void)size;
  gr_facts *f = facts;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[i];
    const char *at = (const char *)(object->dlpi_addr + part->p_vaddr);
    if (part->p_type == PT_NOTE && read_notes(at, part->p_memsz, f->build, sizeof f->build)) break;
  }
  return 1;
}

/* "model name : Intel(R) Xeon(R)" in /proc/cpuinfo; elsewhere nothing is known of it. */
static void find_cpu(char *out, size_t room) {
  char line[512];
  FILE *about = fopen("/proc/cpuinfo", "r");
  while (about && fgets(line, sizeof line, about)) {
    const char *value = strchr(line, ':');
    if (strncmp(line, "model name", 10) != 0 || !value) continue;
    value += 1 + strspn(value + 1, " ");
    snprintf(out, room, "%.*s", (int)strcspn(value, "\n"), value);
    break;
  }
  if (about) fclose(about);
}

void gr_facts_find(gr_facts *facts) {
  struct utsname name = { 0 };
  char version[16] = "";
  *facts = (gr_facts){ .flags = GR_BUILD_FLAGS };
  dl_iterate_phdr(find_build, facts);
  sscanf(openblas_get_config(), "OpenBLAS %15s", version);
  snprintf(facts->blas, sizeof facts->blas, "OpenBLAS %s", version);
  snprintf(facts->core, sizeof facts->core, "%s", openblas_get_corename());
  snprintf(facts->libc, sizeof facts->libc, "glibc %s", gnu_get_libc_version());
  find_cpu(facts->cpu, sizeof facts->cpu);
  if (uname(&name) != 0) return;
  snprintf(facts->system, sizeof facts->system, "%s %s", name.sysname, name.release);
  snprintf(facts->processor, sizeof facts->processor, "%s", name.machine);
}
