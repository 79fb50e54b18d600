import TransparencyLog

/// Holds signed checkpoints against the recomputed tree: a log may grow, never change.
struct CheckpointAudit {
  let verifier: NoteVerifier
  /// The checkpoints kept in the database, by the size they are filed under.
  private var kept: [(size: UInt64, note: SignedNote)] = []
  private var unreadable: [(size: UInt64, fault: String)] = []
  /// One that somebody outside kept.
  private let outside: SignedNote?

  init(connection: any Connection, verifier: NoteVerifier, outside: SignedNote?) throws {
    self.verifier = verifier
    self.outside = outside
    for (size, text) in try connection.rows(
      "SELECT size, note FROM checkpoints ORDER BY size", [],
      {
        (UInt64(bitPattern: $0.integer(0)), $0.text(1))
      })
    {
      do { kept.append((size, try SignedNote(parsing: text))) } catch { unreadable.append((size, "\(error)")) }
    }
  }

  /// The sizes at which roots are wanted.
  var sizes: Set<UInt64> {
    let notes = kept.map(\.note) + [outside].compactMap { $0 }
    return Set(notes.compactMap { try? Checkpoint(parsing: $0.text).size })
  }

  func run(size: UInt64, roots: [UInt64: TreeHash], into report: inout VerificationReport) {
    for (place, fault) in unreadable { report.add(.checkpoint(place), fault) }
    for (place, note) in kept {
      if let checkpoint = check(note, size: size, roots: roots, into: &report), checkpoint.size != place {
        report.add(.checkpoint(place), "it is filed under another size than its own, \(checkpoint.size)")
      }
    }
    if let outside { check(outside, size: size, roots: roots, into: &report) }
    report.checkpoints = kept.count + unreadable.count + (outside == nil ? 0 : 1)
  }

  @discardableResult
  private func check(
    _ note: SignedNote, size: UInt64, roots: [UInt64: TreeHash], into report: inout VerificationReport
  ) -> Checkpoint? {
    let checkpoint: Checkpoint
    do {
      checkpoint = try Checkpoint(parsing: note.text)
    } catch {
      report.add(.file, "a checkpoint can't be read: \(error)")
      return nil
    }
    let place = Finding.Place.checkpoint(checkpoint.size)
    do { try verifier.verify(note) } catch { report.add(place, "\(error)") }
    if checkpoint.origin != verifier.name {
      report.add(place, "it is of another journal, \(checkpoint.origin)")
    } else if checkpoint.size > size {
      report.add(
        place,
        "it saw \(checkpoint.size) leaves, but only \(size) are left: the last \(checkpoint.size - size) were rolled back, from leaf \(size) on"
      )
    } else if roots[checkpoint.size] != checkpoint.root {
      report.add(place, "the first \(checkpoint.size) leaves are not those that it saw: one of them was changed")
    }
    return checkpoint
  }
}
