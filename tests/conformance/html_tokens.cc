// The tokens that we read of each line of standard input: what
// html5lib_compares.py holds against html5lib's.

#include <iostream>
#include <string>

#include "tests/support/html_token_dump.h"

int main() {
  for (std::string line; std::getline(std::cin, line);)
    std::cout << postern::DumpHtmlTokens(line) << '\n';
}
