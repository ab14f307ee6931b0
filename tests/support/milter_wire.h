// MilterWire: a stream socket that carries milter packets, with a deadline on
// every wait.
//
// Writes are collected and go out before the next read, as Postfix does it.
// Failures are sentences; after one the wire is of no further use. Owns the
// descriptor; one thread at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "policy/base/result.h"

namespace postern {

struct MilterPacket {
  char letter = 0;
  std::string payload;
};

class MilterWire {
 public:
  // "unix:/path" or "inet:PORT@HOST" (an address, or localhost).
  [[nodiscard]] static Result<MilterWire> Dial(
      const std::string& where, std::chrono::milliseconds timeout);
  // Takes the descriptor over, e.g. one end of a socketpair.
  MilterWire(int fd, std::chrono::milliseconds timeout);
  MilterWire(MilterWire&& other) noexcept;
  MilterWire& operator=(MilterWire&& other) noexcept;
  MilterWire(const MilterWire&) = delete;
  MilterWire& operator=(const MilterWire&) = delete;
  ~MilterWire();

  [[nodiscard]] Result<void> Send(char letter, std::string_view payload);
  // Bytes as they are, for garbage.
  [[nodiscard]] Result<void> SendRaw(std::string_view bytes);
  [[nodiscard]] Result<void> Flush();
  [[nodiscard]] Result<MilterPacket> Receive();

  // No more from us (half close).
  void FinishSending();
  [[nodiscard]] int fd() const { return fd_; }

 private:
  [[nodiscard]] Result<void> Wait(short events) const;
  [[nodiscard]] Result<void> Fill(std::size_t size);

  int fd_ = -1;
  std::chrono::milliseconds timeout_{0};
  std::string outgoing_;
  std::string incoming_;
};

}  // namespace postern
