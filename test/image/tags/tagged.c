// Pointers of aarch64 with tags: the top byte (TBI, as MTE and HWASan use it) and authentication codes (PAC).
#define WORDS 512
static char text[4096] = "what the pointers lead to";
unsigned long ignored[WORDS], authenticated[WORDS], plain[WORDS], foreign[WORDS];

int target(void) { return 42; }

void _start(void) {
  for (int i = 0; i < WORDS; i++) {
    ignored[i] = (unsigned long)&text[16] | 0xb4ul << 56;
    plain[i] = (unsigned long)&text[32];
    foreign[i] = 0xb400700000000010;
    unsigned long signed_one = (unsigned long)&target;
    __asm__("paciza %0" : "+r"(signed_one));
    authenticated[i] = signed_one;
  }
  *(volatile int *)0 = 0;
}
