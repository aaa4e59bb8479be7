/* A program without a library, so that its dumps are small: direct and mutual recursion, inlined code, a loop.
   See make.sh. */

#include "tiny.h"

__attribute__((noinline)) int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int calls_of_job = 1;

int odd(int n);
__attribute__((noinline)) int even(int n) { return n == 0 ? 1 : odd(n - 1) + work(1); }
__attribute__((noinline)) int odd(int n) { return n == 0 ? 0 : even(n - 1) + work(2); }

__attribute__((noinline)) int job(int n) { return calls_of_job++ + fib(n) + even(n) + work(n); }

void _start(void) {
  int sum = 0;
  for (int i = 3; i < 8; i++) sum += job(i);
  sum += fib(4);
  __asm__ volatile("syscall" : : "a"(60), "D"(sum & 0) : "rcx", "r11", "memory");
}
