// Body: the bytes after the empty line, as they came, immutable once finished.
//
// Up to kMemoryBytes in memory of its own, beyond that in a region of the pool,
// and where the pool's budget is used up in an unlinked file that is mapped for
// reading, so that many large messages at once cost address space and not
// memory. Copies share the bytes. A finished Body may be read by any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/message/body_pool.h"

namespace postern {

class Body {
 public:
  static constexpr std::size_t kMemoryBytes = 256 * 1024;

  Body();  // empty
  [[nodiscard]] static Body FromString(std::string bytes);

  [[nodiscard]] std::string_view bytes() const;
  [[nodiscard]] std::size_t size() const { return bytes().size(); }

 private:
  friend class BodyWriter;
  struct Storage;
  explicit Body(std::shared_ptr<const Storage> storage);
  std::shared_ptr<const Storage> storage_;  // null: empty
};

// Collects a Body chunk by chunk. Belongs to one transaction.
class BodyWriter {
 public:
  // Without a pool large bodies go to the spool at once.
  explicit BodyWriter(std::string spool_directory,
                      std::shared_ptr<BodyPool> pool = nullptr);
  BodyWriter(BodyWriter&&) noexcept;
  BodyWriter& operator=(BodyWriter&&) noexcept;
  BodyWriter(const BodyWriter&) = delete;
  BodyWriter& operator=(const BodyWriter&) = delete;
  ~BodyWriter();

  // Fails when the spool cannot be written (disk full); the message must then
  // be deferred.
  [[nodiscard]] Result<void> Append(std::string_view chunk);
  [[nodiscard]] Result<Body> Finish();
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  [[nodiscard]] bool TakesIntoRegion(std::string_view chunk);
  [[nodiscard]] Result<void> BeginSpool();

  std::string spool_directory_;
  std::shared_ptr<BodyPool> pool_;  // null: none, or its budget is used up
  // The octets so far lie in one of these.
  std::string memory_;
  std::unique_ptr<BodyPool::Region> region_;
  int fd_ = -1;
  std::size_t size_ = 0;
};

}  // namespace postern
