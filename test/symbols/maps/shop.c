// What the maps beside it are of: functions and data of many sizes, some of one digit.
int hits[10], total = 3;
char letter = 'a';
struct entry { const char *name; int (*call)(int); };
static int one(int n) { return n + 1; }
int two(int n) { return one(n) * 2; }
int fill(int n) { for (int i = 0; i < 10; i++) hits[i] += n * two(i); return hits[3]; }
int sum(int n) { int all = 0; for (int i = 0; i < 10; i++) all += hits[i] * n; return all; }
void nothing(void) {}
struct entry table[] = { {"one", one}, {"two", two}, {"fill", fill}, {"sum", sum} };
int main(int argc, char **argv) {
  for (int i = 0; i < 4; i++) total += table[i].call(argc);
  nothing();
  return total + letter + (argv == 0);
}
