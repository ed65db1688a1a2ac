-- random.lua: what NumPy's legacy generator and Python's own draw, for several seeds.
--
-- Made with NumPy's RandomState(seed), Python's random.Random(seed) and scikit-learn's train_test_split: one entry for
-- each call, made on a fresh generator unless the entry lists several ("mixed", "reseed", "shuffled_again"). Doubles are
-- hexadecimal, so that they are compared to the last bit. Positions count from 0, as NumPy's do: gradus adds 1.
-- `about` states the algorithms; its choice_p are the probabilities of "choice(5,10,p)".
-- A weighted sum adds up each row number times its position in the list, both from 0.

-- stylua: ignore
return {
  about = {
    generator =
      "MT19937; RandomState(seed) fills the state by the plain one-word recurrence (1812433253), not by the "
      .. "array scheme",
    double = "((a >> 5) * 67108864 + (b >> 6)) / 9007199254740992 from two 32-bit words a, b",
    normal =
      "polar method: x1 = 2*double - 1, then x2 likewise, until 0 < r2 = x1*x1 + x2*x2 < 1; f = "
      .. "sqrt(-2*log(r2)/r2); returns f*x2 first and keeps f*x1 for the next call",
    ["normal(m,s)"] = "m + s * standard normal",
    ["uniform(a,b)"] = "a + (b - a) * double",
    ["bounded integers"] =
      "word & mask, mask = next power of two minus 1, redrawn until it fits; one 32-bit word a try; a range of "
      .. "one value draws nothing",
    shuffle = "for i = n-1 ... 1: j = bounded integer in 0..i; swap items i and j",
    ["permutation(n)"] = "shuffle of 0..n-1",
    ["choice(n,k)"] =
      "k bounded integers; without replacement: the first k of permutation(n); with p: cumulative sum divided by "
      .. "its last entry, searched from the right with k doubles",
    train_test_split =
      "order = permutation(n); the first ceil(test_size*n) entries are the test rows, the rest the training rows",
    choice_p = { 0.1, 0.2, 0.05, 0.25, 0.4 },
    python_random =
      "Python seeds an integer by the array scheme (its absolute value in 32-bit words); shuffle: for i = n-1 "
      .. "... 1: j = getrandbits(k) redrawn until j <= i, k = bit length of i+1, the word shifted right by 32-k; "
      .. "swap",
    libm = "log and sqrt of the C library; a different log may change the last bit of a normal",
  },
  seeds = {
    [0] = {
      state_first4 = { 0, 1, 1812433255, 1900727105 },
      state_last4 = { 123595418, 2362440495, 3048484911, 1796872496 },
      raw32 = {
        2357136044, 2546248239, 3071714933, 3626093760, 2588848963, 3684848379, 2340255427, 3638918503, 1819583497,
        2678185683,
      },
      raw32_at_1000 = 1333075495,
      ["random_sample(10)"] = {
        0x1.18fe1565f12a8p-1, 0x1.6e2d4cf608733p-1, 0x1.349d66b6e894bp-1, 0x1.16faedb6395f5p-1, 0x1.b1d2904fd0ef6p-2,
        0x1.4ab2a21899b5bp-1, 0x1.c016dca6159d2p-2, 0x1.c8967883a12f7p-1, 0x1.ed65349173336p-1, 0x1.88a4e4bd24216p-2,
      },
      ["standard_normal(11)"] = {
        0x1.c398ef3e5cfa5p+0, 0x1.99c2cfacc8953p-2, 0x1.f51d25222c9abp-1, 0x1.1ed5969e3314ep+1, 0x1.de1847cb13ddap+0,
        -0x1.f45dc42a58c82p-1, 0x1.e671fd33295e9p-1, -0x1.35fac49d38436p-3, -0x1.a6c8cf8c8b459p-4,
        0x1.a473ef0672966p-2, 0x1.270050daae1edp-3,
      },
      ["normal(5,2,7)"] = {
        0x1.10e63bcf973e9p+3, 0x1.733859f59912ap+2, 0x1.bd4749488b26bp+2, 0x1.2f6acb4f198a7p+3, 0x1.178611f2c4f76p+3,
        0x1.85d11dead39bfp+1, 0x1.b99c7f4cca57ap+2,
      },
      ["uniform(-2,3,6)"] = {
        0x1.7cf66afdb5d48p-1, 0x1.9371406715200p+0, 0x1.038980c94573cp+0, 0x1.72e6a48f1edc8p-1, 0x1.e473463c52b40p-4,
        0x1.3abe953d80464p+0,
      },
      ["rand(2,3)"] = {
        0x1.18fe1565f12a8p-1, 0x1.6e2d4cf608733p-1, 0x1.349d66b6e894bp-1, 0x1.16faedb6395f5p-1, 0x1.b1d2904fd0ef6p-2,
        0x1.4ab2a21899b5bp-1,
      },
      ["randn(2,3)"] = {
        0x1.c398ef3e5cfa5p+0, 0x1.99c2cfacc8953p-2, 0x1.f51d25222c9abp-1, 0x1.1ed5969e3314ep+1, 0x1.de1847cb13ddap+0,
        -0x1.f45dc42a58c82p-1,
      },
      ["permutation(10)"] = { 2, 8, 4, 9, 1, 6, 7, 3, 0, 5 },
      ["permutation(1000)[:20]"] = {
        993, 859, 298, 553, 672, 971, 27, 231, 306, 706, 496, 558, 784, 239, 578, 55, 906, 175, 14, 77,
      },
      ["shuffle(arange(13))"] = { 6, 11, 4, 10, 2, 8, 1, 7, 9, 3, 0, 5, 12 },
      ["choice(60000,10)"] = { 2732, 43567, 42613, 52416, 45891, 21243, 30403, 32103, 41993, 57043 },
      ["choice(60000,10,replace=False)"] = { 3048, 19563, 58303, 8870, 40228, 31488, 21860, 56864, 845, 25770 },
      ["choice(5,10,p)"] = { 3, 4, 4, 3, 3, 4, 3, 4, 4, 3 },
      ["randint(0,100,10)"] = { 44, 47, 64, 67, 67, 9, 83, 21, 36, 87 },
      ["randint(-5,6,10)"] = { 0, -5, -2, -2, 2, 4, -2, 0, -3, -1 },
      ["randint(0,1,3)"] = { 0, 0, 0 },
      mixed = {
        { call = "standard_normal(1)", result = { 0x1.c398ef3e5cfa5p+0 } },
        { call = "random_sample(2)", result = { 0x1.349d66b6e894bp-1, 0x1.16faedb6395f5p-1 } },
        { call = "randint(0,10,3)", result = { 9, 3, 5 } },
        { call = "normal(1,0.5,1)", result = { 0x1.333859f59912ap+0 } },
        { call = "permutation(5)", result = { 1, 3, 4, 0, 2 } },
        { call = "randn(3)", result = { -0x1.a6c8cf8c8b459p-4, 0x1.a473ef0672966p-2, 0x1.270050daae1edp-3 } },
        { call = "choice(7,4)", result = { 0, 1, 5, 1 } },
        { call = "standard_normal(2)", result = { 0x1.744b44bfd85f7p+0, 0x1.c6841552275cbp-2 } },
        { call = "uniform(0,1,1)", result = { 0x1.f50d769e4f981p-1 } },
        { call = "shuffle(arange(6))", result = { 5, 2, 4, 3, 1, 0 } },
        { call = "standard_normal(1)", result = { 0x1.55aeb90e595e4p-2 } },
        { call = "raw32(2)", result = { 2915765395, 507984782 } },
      },
    },
    [1] = {
      state_first4 = { 1, 1812433254, 3713160357, 3109174145 },
      state_last4 = { 1339159363, 1473334647, 2386671612, 2069268389 },
      raw32 = {
        1791095845, 4282876139, 3093770124, 4005303368, 491263, 550290313, 1298508491, 4290846341, 630311759,
        1013994432,
      },
      raw32_at_1000 = 375733240,
      ["random_sample(10)"] = {
        0x1.ab07d0ffa3c06p-2, 0x1.70ce5f3baf051p-1, 0x1.dfb906661c000p-14, 0x1.3596ab7fe08f4p-2,
        0x1.2c8e5a3c7053cp-3, 0x1.7a3808cb0ca10p-4, 0x1.7d75fe634e1e4p-3, 0x1.61daabd5ba3cep-2, 0x1.964a3677bfbe8p-2,
        0x1.13dfc97629f54p-1,
      },
      ["standard_normal(11)"] = {
        0x1.9fd5190657c50p+0, -0x1.393822fb7d9adp-1, -0x1.0e6c872548fd2p-1, -0x1.12ae1255cb80cp+0,
        0x1.bb16b5735117dp-1, -0x1.2698d1ecca259p+1, 0x1.beabfbd8fc605p+0, -0x1.85bce931aaff6p-1,
        0x1.46b22f4ed7b24p-2, -0x1.feb5e53a223c6p-3, 0x1.764cb4acd4876p+0,
      },
      ["normal(5,2,7)"] = {
        0x1.07f5464195f14p+3, 0x1.e363ee824132ap+1, 0x1.f8c9bc6d5b817p+1, 0x1.6d51edaa347f4p+1, 0x1.aec5ad5cd445fp+2,
        0x1.9672e1335da70p-2, 0x1.0faafef63f181p+3,
      },
      ["uniform(-2,3,6)"] = {
        0x1.5c9c53f8cb080p-4, 0x1.9a03ee15358cap+0, -0x1.ffda858b8005dp+0, -0x1.f40ea6809d33cp-2,
        -0x1.4427079a39cbap+0, -0x1.89ce7d408c0dbp+0,
      },
      ["rand(2,3)"] = {
        0x1.ab07d0ffa3c06p-2, 0x1.70ce5f3baf051p-1, 0x1.dfb906661c000p-14, 0x1.3596ab7fe08f4p-2,
        0x1.2c8e5a3c7053cp-3, 0x1.7a3808cb0ca10p-4,
      },
      ["randn(2,3)"] = {
        0x1.9fd5190657c50p+0, -0x1.393822fb7d9adp-1, -0x1.0e6c872548fd2p-1, -0x1.12ae1255cb80cp+0,
        0x1.bb16b5735117dp-1, -0x1.2698d1ecca259p+1,
      },
      ["permutation(10)"] = { 2, 9, 6, 4, 0, 3, 1, 7, 8, 5 },
      ["permutation(1000)[:20]"] = {
        507, 818, 452, 368, 242, 929, 262, 810, 318, 49, 446, 142, 968, 345, 971, 133, 104, 6, 600, 496,
      },
      ["shuffle(arange(13))"] = { 2, 3, 4, 10, 1, 6, 0, 7, 12, 9, 8, 11, 5 },
      ["choice(60000,10)"] = { 33003, 12172, 5192, 32511, 50057, 43723, 7813, 52047, 21440, 32912 },
      ["choice(60000,10,replace=False)"] = { 15281, 21435, 44536, 13518, 47529, 53560, 41094, 6060, 9358, 49039 },
      ["choice(5,10,p)"] = { 3, 4, 0, 2, 1, 0, 1, 2, 3, 3 },
      ["randint(0,100,10)"] = { 37, 12, 72, 9, 75, 5, 79, 64, 16, 1 },
      ["randint(-5,6,10)"] = { 0, 3, 4, 0, -5, -5, -4, 2, 1, 4 },
      ["randint(0,1,3)"] = { 0, 0, 0 },
      mixed = {
        { call = "standard_normal(1)", result = { 0x1.9fd5190657c50p+0 } },
        { call = "random_sample(2)", result = { 0x1.dfb906661c000p-14, 0x1.3596ab7fe08f4p-2 } },
        { call = "randint(0,10,3)", result = { 0, 0, 1 } },
        { call = "normal(1,0.5,1)", result = { 0x1.6363ee824132ap-1 } },
        { call = "permutation(5)", result = { 2, 0, 1, 3, 4 } },
        { call = "randn(3)", result = { 0x1.bb16b5735117dp-1, -0x1.2698d1ecca259p+1, 0x1.beabfbd8fc605p+0 } },
        { call = "choice(7,4)", result = { 3, 4, 2, 4 } },
        { call = "standard_normal(2)", result = { -0x1.85bce931aaff6p-1, 0x1.764cb4acd4876p+0 } },
        { call = "uniform(0,1,1)", result = { 0x1.1f832ff06aadcp-3 } },
        { call = "shuffle(arange(6))", result = { 2, 5, 3, 4, 1, 0 } },
        { call = "standard_normal(1)", result = { -0x1.07b2b0d639af4p+1 } },
        { call = "raw32(2)", result = { 2225448249, 3764062721 } },
      },
    },
    [42] = {
      state_first4 = { 42, 3107752595, 1895908407, 3900362577 },
      state_last4 = { 2783561793, 1329389532, 836540831, 26719530 },
      raw32 = {
        1608637542, 3421126067, 4083286876, 787846414, 3143890026, 3348747335, 2571218620, 2563451924, 670094950,
        1914837113,
      },
      raw32_at_1000 = 2998581749,
      ["random_sample(10)"] = {
        0x1.7f8771e5f51ecp-2, 0x1.e6c4068bbd654p-1, 0x1.76c7e8f1e6751p-1, 0x1.32835d6632cb0p-1, 0x1.3f86b37222184p-3,
        0x1.3f7a0e1997f4cp-3, 0x1.dbd229d645570p-5, 0x1.bb7b70955b7b5p-1, 0x1.33c558c924badp-1, 0x1.6a887d29a8282p-1,
      },
      ["standard_normal(11)"] = {
        0x1.fca2a28a9307cp-2, -0x1.1b2a505de052ap-3, 0x1.4b9dd50245e68p-1, 0x1.85e548e01aa2bp+0,
        -0x1.df8bcdf57a640p-3, -0x1.df8332670db3bp-3, 0x1.94474a8407408p+0, 0x1.88ed346f0d7f3p-1,
        -0x1.e0bde4b799e8bp-2, 0x1.15ca6e16a2d7dp-1, -0x1.da8a2aec11b70p-2,
      },
      ["normal(5,2,7)"] = {
        0x1.7f94545152610p+2, 0x1.2e4d5afa21fadp+2, 0x1.92e775409179ap+2, 0x1.0179523806a8bp+3, 0x1.22074320a859cp+2,
        0x1.2207ccd98f24cp+2, 0x1.0511d2a101d02p+3,
      },
      ["uniform(-2,3,6)"] = {
        -0x1.04b58d046ccc8p-3, 0x1.6075082eacbe8p+1, 0x1.a8f3c65cc024ap+0, 0x1.fc90d2fefdf70p-1,
        -0x1.384bcfd8aab0ep+0, -0x1.3853b73001070p+0,
      },
      ["rand(2,3)"] = {
        0x1.7f8771e5f51ecp-2, 0x1.e6c4068bbd654p-1, 0x1.76c7e8f1e6751p-1, 0x1.32835d6632cb0p-1, 0x1.3f86b37222184p-3,
        0x1.3f7a0e1997f4cp-3,
      },
      ["randn(2,3)"] = {
        0x1.fca2a28a9307cp-2, -0x1.1b2a505de052ap-3, 0x1.4b9dd50245e68p-1, 0x1.85e548e01aa2bp+0,
        -0x1.df8bcdf57a640p-3, -0x1.df8332670db3bp-3,
      },
      ["permutation(10)"] = { 8, 1, 5, 0, 7, 2, 9, 4, 3, 6 },
      ["permutation(1000)[:20]"] = {
        521, 737, 740, 660, 411, 678, 626, 513, 859, 136, 811, 76, 636, 973, 938, 899, 280, 883, 761, 319,
      },
      ["shuffle(arange(13))"] = { 11, 9, 0, 8, 5, 2, 1, 12, 4, 7, 10, 3, 6 },
      ["choice(60000,10)"] = { 56422, 15795, 860, 38158, 54343, 44732, 11284, 54886, 6265, 16850 },
      ["choice(60000,10,replace=False)"] = { 12628, 37730, 39991, 8525, 8279, 51012, 14871, 15127, 9366, 33322 },
      ["choice(5,10,p)"] = { 3, 4, 4, 3, 1, 1, 0, 4, 4, 4 },
      ["randint(0,100,10)"] = { 51, 92, 14, 71, 60, 20, 82, 86, 74, 74 },
      ["randint(-5,6,10)"] = { 1, -2, 5, 2, -1, 1, 4, -3, 1, 5 },
      ["randint(0,1,3)"] = { 0, 0, 0 },
      mixed = {
        { call = "standard_normal(1)", result = { 0x1.fca2a28a9307cp-2 } },
        { call = "random_sample(2)", result = { 0x1.76c7e8f1e6751p-1, 0x1.32835d6632cb0p-1 } },
        { call = "randint(0,10,3)", result = { 6, 9, 2 } },
        { call = "normal(1,0.5,1)", result = { 0x1.dc9ab5f443f5bp-1 } },
        { call = "permutation(5)", result = { 3, 1, 0, 4, 2 } },
        { call = "randn(3)", result = { 0x1.92006d14339d8p-2, -0x1.dbbe17b8d2a39p-1, 0x1.46fdb8ea598eep-4 } },
        { call = "choice(7,4)", result = { 5, 5, 1, 3 } },
        { call = "standard_normal(2)", result = { -0x1.46b0966e50d32p-3, -0x1.248bf0eafe838p-1 } },
        { call = "uniform(0,1,1)", result = { 0x1.0cace00073c63p-1 } },
        { call = "shuffle(arange(6))", result = { 1, 5, 2, 4, 0, 3 } },
        { call = "standard_normal(1)", result = { -0x1.d92162bdd65e8p-1 } },
        { call = "raw32(2)", result = { 1717389822, 599121577 } },
      },
    },
    [12345] = {
      state_first4 = { 12345, 2003863422, 2690739229, 1915043646 },
      state_last4 = { 290120732, 4083350905, 1711951248, 277493156 },
      raw32 = {
        3992670690, 3823185381, 1358822685, 561383553, 789925284, 170765737, 878579710, 3549516158, 2438360421,
        2285257250,
      },
      raw32_at_1000 = 984001283,
      ["random_sample(10)"] = {
        0x1.dbf6a3f8f84b7p-1, 0x1.43f7f410bb044p-2, 0x1.78aa6d0a2dad8p-3, 0x1.a2f07fd391514p-3, 0x1.22acdae20d908p-1,
        0x1.30eb3c3d342ecp-1, 0x1.edd4d8dd90335p-1, 0x1.4e6d3a7b1e86ap-1, 0x1.7f70b0d7ee531p-1, 0x1.4ea0b5c9eb155p-1,
      },
      ["standard_normal(11)"] = {
        -0x1.a33dc4f5d203dp-3, 0x1.ea701f566080fp-2, -0x1.09f3df0ae3d0ep-1, -0x1.1c88aeb5231f1p-1,
        0x1.f73d654602e58p+0, 0x1.64b63ea2acb4bp+0, 0x1.7c8cf8427b26ep-4, 0x1.20821040b7d8bp-2, 0x1.89bd53738ebe6p-1,
        0x1.3f1658cd60a17p+0, 0x1.01d72967b2c0ep+0,
      },
      ["normal(5,2,7)"] = {
        0x1.25cc23b0a2dfcp+2, 0x1.7d4e03eacc102p+2, 0x1.fb06107a8e179p+1, 0x1.f1bba8a56e708p+1, 0x1.1dcf595180b96p+3,
        0x1.f25b1f51565a6p+2, 0x1.4be467c213d93p+2,
      },
      ["uniform(-2,3,6)"] = {
        0x1.52f44cf7365e4p+1, -0x1.ac283bac58eacp-2, -0x1.14957bd9a3739p+0, -0x1.f45360378a5a8p-1,
        0x1.ad60466a43d28p-1, 0x1.f4982d3204e9cp-1,
      },
      ["rand(2,3)"] = {
        0x1.dbf6a3f8f84b7p-1, 0x1.43f7f410bb044p-2, 0x1.78aa6d0a2dad8p-3, 0x1.a2f07fd391514p-3, 0x1.22acdae20d908p-1,
        0x1.30eb3c3d342ecp-1,
      },
      ["randn(2,3)"] = {
        -0x1.a33dc4f5d203dp-3, 0x1.ea701f566080fp-2, -0x1.09f3df0ae3d0ep-1, -0x1.1c88aeb5231f1p-1,
        0x1.f73d654602e58p+0, 0x1.64b63ea2acb4bp+0,
      },
      ["permutation(10)"] = { 0, 7, 3, 9, 6, 4, 1, 8, 5, 2 },
      ["permutation(1000)[:20]"] = {
        144, 833, 270, 468, 962, 186, 942, 516, 286, 458, 890, 957, 604, 504, 474, 517, 173, 250, 967, 743,
      },
      ["shuffle(arange(13))"] = { 0, 9, 7, 3, 6, 10, 8, 12, 11, 4, 1, 5, 2 },
      ["choice(60000,10)"] = { 20962, 11749, 2177, 19876, 44457, 4094, 20862, 28005, 16930, 40477 },
      ["choice(60000,10,replace=False)"] = { 6934, 41100, 22842, 3651, 59270, 47072, 5544, 17709, 33232, 15008 },
      ["choice(5,10,p)"] = { 4, 2, 1, 1, 3, 3, 4, 4, 4, 4 },
      ["randint(0,100,10)"] = { 98, 29, 1, 36, 41, 34, 29, 1, 59, 14 },
      ["randint(-5,6,10)"] = { -3, 0, -4, -1, 4, 0, -3, -4, 1, -4 },
      ["randint(0,1,3)"] = { 0, 0, 0 },
      mixed = {
        { call = "standard_normal(1)", result = { -0x1.a33dc4f5d203dp-3 } },
        { call = "random_sample(2)", result = { 0x1.78aa6d0a2dad8p-3, 0x1.a2f07fd391514p-3 } },
        { call = "randint(0,10,3)", result = { 5, 2, 1 } },
        { call = "normal(1,0.5,1)", result = { 0x1.3d4e03eacc102p+0 } },
        { call = "permutation(5)", result = { 0, 4, 2, 3, 1 } },
        { call = "randn(3)", result = { -0x1.0b068fdc103c1p+0, -0x1.864db30a03eb7p-2, -0x1.883b67c9eaccdp-1 } },
        { call = "choice(7,4)", result = { 3, 5, 0, 5 } },
        { call = "standard_normal(2)", result = { -0x1.93d34875ebc07p+0, 0x1.b60fae9807250p-1 } },
        { call = "uniform(0,1,1)", result = { 0x1.6f5614bb927bfp-1 } },
        { call = "shuffle(arange(6))", result = { 5, 2, 1, 0, 4, 3 } },
        { call = "standard_normal(1)", result = { 0x1.57e06ddc2ffd1p+0 } },
        { call = "raw32(2)", result = { 555401847, 3133990731 } },
      },
    },
    [4294967295] = {
      state_first4 = { 4294967295, 1340201581, 3941791902, 3241351924 },
      state_last4 = { 3972182436, 3916658768, 876078637, 3413567280 },
      raw32 = {
        419326371, 479346978, 3918654476, 2416749639, 3388880820, 2260532800, 3350089942, 3309765114, 77050329,
        1217888032,
      },
      raw32_at_1000 = 1661208369,
      ["random_sample(10)"] = {
        0x1.8fe69a3924820p-4, 0x1.d323d824032b1p-1, 0x1.93fc6f61af3f9p-1, 0x1.8f5ca1b151c07p-1, 0x1.25ec7244bbf80p-6,
        0x1.f06314e047dc9p-1, 0x1.2fb4adec830e1p-1, 0x1.2b3f78b30728cp-3, 0x1.d1999c0aed972p-1, 0x1.1b835369cb7f1p-1,
      },
      ["standard_normal(11)"] = {
        0x1.4bfc38c486d8ap-1, 0x1.56b192e507eeep-1, -0x1.149e836f192fdp+0, 0x1.23543dec5a0fcp-2,
        0x1.d27bf27c6aaafp-4, 0x1.bc38efd644bd1p-1, -0x1.68a93f10b89eep-5, 0x1.fd7bf9478f663p-3,
        -0x1.f9f94d65c3902p-1, -0x1.17832e95fd734p-1, -0x1.ac932ccbf8580p-6,
      },
      ["normal(5,2,7)"] = {
        0x1.92ff0e3121b62p+2, 0x1.95ac64b941fbcp+2, 0x1.6b617c90e6d03p+1, 0x1.646a87bd8b420p+2, 0x1.4e93df93e3555p+2,
        0x1.af0e3bf5912f4p+2, 0x1.3a5d5b03bd1d8p+2,
      },
      ["uniform(-2,3,6)"] = {
        -0x1.8307efce24976p+0, 0x1.47ecce2d03f5ep+1, 0x1.f1f71674361eep+0, 0x1.e667943b4c612p+0,
        -0x1.e9098712a150ap+0, 0x1.6c7bda1859d3cp+1,
      },
      ["rand(2,3)"] = {
        0x1.8fe69a3924820p-4, 0x1.d323d824032b1p-1, 0x1.93fc6f61af3f9p-1, 0x1.8f5ca1b151c07p-1, 0x1.25ec7244bbf80p-6,
        0x1.f06314e047dc9p-1,
      },
      ["randn(2,3)"] = {
        0x1.4bfc38c486d8ap-1, 0x1.56b192e507eeep-1, -0x1.149e836f192fdp+0, 0x1.23543dec5a0fcp-2,
        0x1.d27bf27c6aaafp-4, 0x1.bc38efd644bd1p-1,
      },
      ["permutation(10)"] = { 6, 9, 5, 1, 8, 0, 7, 4, 2, 3 },
      ["permutation(1000)[:20]"] = {
        94, 405, 819, 632, 217, 169, 449, 275, 165, 828, 959, 475, 23, 136, 183, 341, 804, 882, 689, 909,
      },
      ["shuffle(arange(13))"] = { 9, 5, 10, 12, 8, 1, 11, 6, 0, 4, 7, 2, 3 },
      ["choice(60000,10)"] = { 27043, 16674, 44103, 14260, 20694, 506, 45529, 32544, 35455, 29307 },
      ["choice(60000,10,replace=False)"] = { 53704, 27041, 19635, 29216, 51120, 56708, 59838, 46755, 12030, 16780 },
      ["choice(5,10,p)"] = { 0, 4, 4, 4, 0, 4, 3, 1, 4, 3 },
      ["randint(0,100,10)"] = { 35, 34, 12, 71, 52, 64, 86, 89, 32, 11 },
      ["randint(-5,6,10)"] = { -2, -3, 2, -1, -5, 1, 5, 4, -5, -3 },
      ["randint(0,1,3)"] = { 0, 0, 0 },
      mixed = {
        { call = "standard_normal(1)", result = { 0x1.4bfc38c486d8ap-1 } },
        { call = "random_sample(2)", result = { 0x1.25ec7244bbf80p-6, 0x1.f06314e047dc9p-1 } },
        { call = "randint(0,10,3)", result = { 2, 6, 7 } },
        { call = "normal(1,0.5,1)", result = { 0x1.55ac64b941fbcp+0 } },
        { call = "permutation(5)", result = { 2, 0, 3, 4, 1 } },
        { call = "randn(3)", result = { -0x1.ac932ccbf8580p-6, 0x1.011ed02431336p+0, 0x1.49eb7484a2b07p-1 } },
        { call = "choice(7,4)", result = { 1, 5, 5, 1 } },
        { call = "standard_normal(2)", result = { -0x1.62a82ceebc9cep+0, 0x1.298eb2762b9e8p-2 } },
        { call = "uniform(0,1,1)", result = { 0x1.c1f3224d015eep-1 } },
        { call = "shuffle(arange(6))", result = { 3, 5, 4, 0, 1, 2 } },
        { call = "standard_normal(1)", result = { 0x1.4167259a80b71p+1 } },
        { call = "raw32(2)", result = { 4141323064, 2051733798 } },
      },
    },
  },
  reseed = {
    seed = 3,
    calls = { "standard_normal(1)", "seed(3)", "standard_normal(3)" },
    first = { 0x1.c9e38e3e13df2p+0 },
    after = { 0x1.c9e38e3e13df2p+0, 0x1.befc703152c8ap-2, 0x1.8b40edd841de6p-4 },
  },
  train_test_split = {
    {
      n = 569,
      test_size = 0.2,
      random_state = 0,
      n_train = 455,
      n_test = 114,
      train_first20 = {
        338, 427, 406, 96, 490, 384, 281, 325, 190, 380, 366, 469, 225, 271, 547, 550, 492, 185, 306, 208,
      },
      test_first20 = {
        512, 457, 439, 298, 37, 515, 382, 310, 538, 345, 421, 90, 412, 157, 89, 172, 318, 233, 389, 250,
      },
      train_last3 = { 359, 192, 559 },
      test_last3 = { 432, 516, 500 },
      train_weighted_sum = 28884582,
      test_weighted_sum = 1890761,
    },
    {
      n = 442,
      test_size = 0.25,
      random_state = 42,
      n_train = 331,
      n_test = 111,
      train_first20 = { 16, 408, 432, 316, 3, 18, 355, 60, 398, 124, 63, 110, 280, 439, 29, 415, 298, 238, 26, 7 },
      test_first20 = {
        287, 211, 72, 321, 73, 418, 367, 354, 281, 148, 429, 78, 126, 113, 329, 427, 172, 268, 76, 116,
      },
      train_last3 = { 348, 435, 102 },
      test_last3 = { 239, 380, 278 },
      train_weighted_sum = 12203208,
      test_weighted_sum = 1267231,
    },
    {
      n = 1797,
      test_size = 0.3,
      random_state = 7,
      n_train = 1257,
      n_test = 540,
      train_first20 = {
        553, 531, 407, 199, 473, 1616, 216, 253, 152, 725, 728, 1128, 1271, 1444, 1482, 530, 1443, 1125, 240, 795,
      },
      test_first20 = {
        58, 1039, 1550, 813, 372, 1152, 1642, 410, 866, 1283, 1757, 933, 1721, 755, 501, 1491, 869, 284, 37, 1008,
      },
      train_last3 = { 537, 1220, 175 },
      test_last3 = { 1509, 1376, 1756 },
      train_weighted_sum = 712942790,
      test_weighted_sum = 123894895,
    },
  },
  python_random = {
    [0] = {
      ["random(5)"] = {
        0x1.b0580f98a7dbep-1, 0x1.84129978f9c1ap-1, 0x1.aeaa51052e978p-2, 0x1.092178fb945a6p-2, 0x1.05c5ccdf19707p-1,
      },
      ["getrandbits32(5)"] = { 3626764237, 1654615998, 3255389356, 3823568514, 1806341205 },
      ["shuffle(range(13))"] = { 1, 10, 9, 5, 11, 2, 3, 7, 8, 4, 0, 12, 6 },
      ["shuffle(range(50000))[:10]"] = { 6690, 6328, 33879, 1537, 24917, 38051, 10371, 42812, 116, 7393 },
      ["shuffled_again[:10]"] = { 38691, 15396, 14591, 16411, 3037, 38970, 17428, 37928, 35387, 5690 },
    },
    [1] = {
      ["random(5)"] = {
        0x1.132d8f91b7584p-3, 0x1.b1e2d5b3584f8p-1, 0x1.870d778409f13p-1, 0x1.0530d08f17f5cp-2, 0x1.fb5355e16737ap-2,
      },
      ["getrandbits32(5)"] = { 577090037, 2444712010, 3639700191, 3445702192, 3280387012 },
      ["shuffle(range(13))"] = { 8, 12, 0, 11, 5, 3, 6, 7, 10, 4, 1, 9, 2 },
      ["shuffle(range(50000))[:10]"] = { 6795, 21588, 48095, 14907, 6883, 29592, 48984, 12277, 21455, 36598 },
      ["shuffled_again[:10]"] = { 30333, 46523, 4458, 40185, 10380, 49511, 29022, 20435, 1801, 28278 },
    },
    [4294967301] = {
      ["random(5)"] = {
        0x1.4218067c49768p-3, 0x1.21442cf1e9172p-2, 0x1.357affb575f81p-1, 0x1.dbe785ae59e00p-7, 0x1.416bcbcaf6e4cp-1,
      },
      ["getrandbits32(5)"] = { 675479763, 2085189291, 1213270837, 3822202474, 2596110301 },
      ["shuffle(range(13))"] = { 10, 6, 8, 12, 3, 1, 11, 5, 0, 9, 4, 7, 2 },
      ["shuffle(range(50000))[:10]"] = { 37821, 43312, 28293, 29070, 21469, 42554, 42277, 46725, 9593, 30226 },
      ["shuffled_again[:10]"] = { 9844, 37196, 24197, 44653, 40449, 1803, 16362, 2909, 29620, 17762 },
    },
  },
}
