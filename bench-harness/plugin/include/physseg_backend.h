/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * A data structure for physical memory segments, to be measured and checked
 * by bench-harness.  This is the whole interface; no other page is needed.
 *
 * The structure (here: a table) answers two questions about a page frame
 * number (PFN): which segment is it in, and which page descriptor is its?
 * You write the functions below, fill in one struct physseg_backend, return
 * it from physseg_backend_v1(), and build a shared object:
 *
 *	cc -O2 -fPIC -fvisibility=hidden -shared -o libmine.so mine.c
 *	bench-harness plugin check ./libmine.so
 *	bench-harness compare --backends array,rbtree,plugin:./libmine.so
 *
 * The life of a table, in this order:
 *
 *	create		an empty table
 *	physload ...	its segments, in any order
 *	page_init ...	once for each of them, in any order: where its page
 *			descriptors are
 *	boot_done	boot is over
 *	find, find_batch, plug, unplug ...
 *			mixed, as often as wanted; what is timed: lookups by
 *			`compare', plug and unplug by `churn'
 *	destroy		may also come earlier, wherever it was given up
 *
 * segments() and bytes() may be called at any time between create and
 * destroy.
 *
 * Words:
 *	PFN		a physical address divided by the page size.  Those of
 *			segments are below 2^52; find may ask for any number.
 *	range		[start, end): start is the first PFN, end the one after
 *			the last.
 *	segment		a range of present memory, found as a whole.  Segments
 *			never overlap.  Two that touch stay two: never merge.
 *	page identity	which page descriptor, an opaque number below 2^63
 *			in place of a struct page pointer.  Within a segment
 *			identities ascend by one a frame; from segment to
 *			segment they are in no order, and those of a range
 *			that was unplugged may come again.
 *
 * What you can rely on:
 *	- No two calls into the library run at the same time.  Several tables
 *	  may exist at the same time, and calls to them alternate, so a table
 *	  is what `self' points to and not a global variable.  (Kernel code
 *	  that has globals: see examples/kernel-code.)
 *	- Every pointer argument is valid; `self' is what create returned.
 *	- In a measurement every call makes sense: ranges are not empty, what
 *	  is added overlaps nothing, what is unplugged is there.  At least one
 *	  segment always remains.
 *	- `plugin check' also makes the following calls, and they have to be
 *	  answered with PHYSSEG_EINVAL:
 *	      physload, plug	with start >= end
 *	      physload, plug	over a range of which any frame is present
 *	      page_init, unplug	with start >= end
 *	      page_init		of a range that is not exactly a segment
 *	      unplug		of a range that is not inside one segment: it
 *				touches a hole, or goes on into the next one
 *	  Nothing is ever called out of the order above.
 *
 * What is expected of you:
 *	- A function that returns an error has changed nothing: lookups,
 *	  segments() and later calls go as if it had not been called.
 *	- No exit, no signal handlers, no longjmp out of your functions, and
 *	  nothing on standard output, which is in use; standard error is free.
 *	  errno may be left at anything.
 *	- An abort (a failed assertion, a panic) or a crash is reported as one
 *	  and ends this backend only.  The same goes for a wrong answer and
 *	  for a call that does not return.
 */

#ifndef PHYSSEG_BACKEND_H
#define PHYSSEG_BACKEND_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface. */
#define PHYSSEG_ABI_VERSION	1

/* What functions return that can fail: 0, or one of these. */
#define PHYSSEG_OK		0
#define PHYSSEG_ENOMEM		(-1)	/* no memory, or no room */
#define PHYSSEG_EUNSUPPORTED	(-2)	/* cannot do that, by design */
#define PHYSSEG_EINVAL		(-3)	/* a call that makes no sense */

/* The page of a PFN that is in no segment: UINT64_MAX. */
#define PHYSSEG_MISS		(~(uint64_t)0)

/* What a lookup found; 16 bytes. */
struct physseg_answer {
	/* First PFN of the segment that holds the PFN as segments are now:
	   after a cut not what it once was.  Of no interest in a miss. */
	uint64_t	segment_start;
	/* Identity of the PFN's page, or PHYSSEG_MISS. */
	uint64_t	page;
};

/*
 * Flags.
 *
 * LINEAR_UPDATES: plug and unplug take time in proportion to the number of
 * segments.  A map with a history of millions of unplugs is then loaded at
 * boot as it is in the end, instead of going through that history, and
 * `churn' times fewer of them at a time.
 *
 * NULL: not a backend but the cost of calling one.  It finds every PFN, there
 * or not, with page == pfn and segment_start == 0; that is checked, and
 * nothing else.  Calls that make sense return PHYSSEG_OK, and it holds
 * nothing.
 */
#define PHYSSEG_FLAG_LINEAR_UPDATES	1u
#define PHYSSEG_FLAG_NULL		2u

/*
 * A backend.  Functions marked "optional" may be NULL; all others must be
 * there, and so must one of find and find_batch.  Should fields be added at
 * the end one day, struct_size tells that yours are not there.
 */
struct physseg_backend {
	uint32_t	abi_version;	/* PHYSSEG_ABI_VERSION */
	uint32_t	struct_size;	/* sizeof(struct physseg_backend) */
	uint32_t	flags;		/* PHYSSEG_FLAG_..., or 0 */
	uint32_t	reserved;	/* 0 */

	/* Shown by `plugin check' (tables and figures have the path): 1 to 32
	   of a-z 0-9 . _ -, and 1 to 32 printable ASCII characters. */
	const char	*name;
	const char	*version;

	/*
	 * An empty table.  page_size is in bytes, a power of two.  capacity:
	 * as far as is known, there will never be more segments than that;
	 * 0 if nothing is known.  It is a hint for setting memory aside, but
	 * a table of fixed size may also take it as its size, and return
	 * PHYSSEG_ENOMEM beyond.  NULL if there is no memory.
	 */
	void	*(*create)(uint64_t page_size, uint64_t capacity);

	/* Gives back all memory of the table. */
	void	 (*destroy)(void *self);

	/*
	 * Adds the segment [start, end) before boot ends.  It has no page
	 * identities yet.
	 */
	int	 (*physload)(void *self, uint64_t start, uint64_t end);

	/*
	 * Says where the page descriptors of the segment [start, end) are:
	 * the page of PFN p is first_page + (p - start).  Comes once for each
	 * segment, when all of them are loaded.
	 */
	int	 (*page_init)(void *self, uint64_t start, uint64_t end,
		    uint64_t first_page);

	/*
	 * Optional.  Boot is over, all pages are known, lookups begin: the
	 * place to build an index.
	 */
	int	 (*boot_done)(void *self);

	/*
	 * Optional.  Adds the segment [start, end) after boot; pages as in
	 * page_init.
	 */
	int	 (*plug)(void *self, uint64_t start, uint64_t end,
		    uint64_t first_page);

	/*
	 * Optional.  Takes [start, end) away after boot.  It is all of one
	 * segment, or its front, its back, or its middle.  The frames that
	 * stay keep their page identities.  A segment cut at its front begins
	 * at `end' from now on; one that loses its middle becomes two, and
	 * the upper one begins at `end'.
	 *
	 * A structure that cannot split, say, may return PHYSSEG_EUNSUPPORTED
	 * for that.
	 */
	int	 (*unplug)(void *self, uint64_t start, uint64_t end);

	/*
	 * Finds one PFN, or `count' of them (which may be 0): answers[i] is
	 * to pfns[i], and the two arrays do not overlap.  One of the two is
	 * optional.  Both are worth having: find_batch spreads the cost of
	 * the call over many lookups; find is for measuring latency, where
	 * each PFN follows from the answer before, and pays for a call each
	 * time.  Without find, that is a batch of one.  Where both are there
	 * they must agree.
	 *
	 * A lookup changes nothing that another call could tell.  It may
	 * remember what it found last (cast `self'), so long as plug and
	 * unplug make it forget.
	 */
	struct physseg_answer (*find)(const void *self, uint64_t pfn);
	void	 (*find_batch)(const void *self, const uint64_t *pfns,
		    struct physseg_answer *answers, size_t count);

	/* How many segments there are now. */
	uint64_t (*segments)(const void *self);

	/*
	 * Optional.  How many bytes of memory the table has taken, in use or
	 * not.
	 */
	uint64_t (*bytes)(const void *self);
};

/*
 * The one function that a library exports.  What it returns stays valid and
 * unchanged for as long as the library is loaded.
 */
#if defined(_WIN32)
#define PHYSSEG_EXPORT	__declspec(dllexport)
#elif defined(__GNUC__)
#define PHYSSEG_EXPORT	__attribute__((__visibility__("default")))
#else
#define PHYSSEG_EXPORT
#endif

PHYSSEG_EXPORT const struct physseg_backend *physseg_backend_v1(void);

#ifdef __cplusplus
}
#endif

#endif /* PHYSSEG_BACKEND_H */
