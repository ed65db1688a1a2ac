/* floor_real.c: what is computed in either number type, for both. */
#include "floor.h"

#include <stdlib.h>
#include <string.h>
#include <tgmath.h>

#include <cblas.h>

#define REAL_IS_F64
#include "../../core/real.h"
#include "floor_net.h"
#include "floor_lenet.h"
#include "floor_pass.h"

#define REAL_IS_F32
#include "../../core/real.h"
#include "floor_net.h"
#include "floor_lenet.h"
#include "floor_pass.h"
