#include "policy/base/siphash.h"

#include <bit>
#include <random>

namespace postern {
namespace {

struct State {
  std::uint64_t v0, v1, v2, v3;

  void Rounds(int times) {
    for (int i = 0; i < times; ++i) {
      v0 += v1;
      v1 = std::rotl(v1, 13) ^ v0;
      v0 = std::rotl(v0, 32);
      v2 += v3;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 += v3;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 += v1;
      v1 = std::rotl(v1, 17) ^ v2;
      v2 = std::rotl(v2, 32);
    }
  }
  void Add(std::uint64_t word) {
    v3 ^= word;
    Rounds(2);
    v0 ^= word;
  }
};

std::uint64_t LittleEndian(std::string_view octets) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < octets.size(); ++i)
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(octets[i]))
            << (8 * i);
  return word;
}

}  // namespace

SipKey RandomSipKey() {
  std::random_device device;
  const auto word = [&device] {
    return static_cast<std::uint64_t>(device()) << 32 | device();
  };
  return {word(), word()};
}

std::uint64_t SipHash(const SipKey& key, std::string_view octets) {
  State state{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d,
              key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573};
  const auto size = static_cast<std::uint64_t>(octets.size());
  for (; octets.size() >= 8; octets.remove_prefix(8))
    state.Add(LittleEndian(octets.substr(0, 8)));
  state.Add(size << 56 | LittleEndian(octets));
  state.v2 ^= 0xff;
  state.Rounds(4);
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace postern
