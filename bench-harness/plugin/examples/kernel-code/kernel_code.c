/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * How to measure the code of a kernel as it is.  vm_segment.c plays the part
 * of the kernel's file; it is included here, unchanged, after stubs for what
 * it expects around it.
 *
 * With a file of your own (NetBSD's uvm_physseg.c, Linux's mm/sparse.c, ...):
 *
 *  1. Copy this directory.  Leave your file where it is, and #include it here
 *     by its path: being in one compilation unit with it, this file sees its
 *     static functions and variables, and lookups are inlined into
 *     find_batch as they would be in the kernel.
 *
 *  2. Its #includes.  Where they are not inside #ifdef _KERNEL as those of
 *     vm_segment.c, make a directory of empty headers of the same names
 *     (stubs/uvm/uvm_extern.h, ...) and put it first: CPPFLAGS=-Istubs.
 *
 *  3. Compile, and add to kernel_stubs.h whatever is missing.
 *     uvm_physseg.c:  kmem, panic, KASSERT, mutex as here; atop and ptoa;
 *                     rbtree and extent, which build in userland
 *                     (common/lib/libc/gen/rb.c; sys/kern/subr_extent.c with
 *                     -D_EXTENT_TESTING); of uvm_page.c the functions that
 *                     free pages, made empty.
 *     mm/sparse.c:    BUG_ON and VM_BUG_ON as KASSERT, pr_*; memblock_alloc,
 *                     kvzalloc and vmemmap_populate by calloc; struct page
 *                     and mem_section as configured; locks and RCU empty.
 *
 *  4. Change the functions below to call yours.  What gets in the way there:
 *     a) Globals.  Several tables may exist, kernel code knows one.  See
 *        enter().
 *     b) Panics on calls that make no sense: look first, as plug() and
 *        unplug() do.
 *     c) Kernels do not clean up: destroy() unplugs everything.
 *     d) Kernels answer with pointers: page_at() and page_identity().
 *     e) Other conventions: bytes or frames, an inclusive end, a length, boot
 *        or not.  Convert here, never in the file that is measured.
 */

#include "physseg_backend.h"

#include "kernel_stubs.h"
#include "vm_segment.c"

/*
 * Every global variable of the kernel code that belongs to a table: as left
 * when another table was last called.
 */
struct table {
	struct vm_segment *first;
	struct vm_segment *recent;
	size_t		nsegments;
	size_t		kmem_bytes;
};

/* The table whose state is in the kernel's variables now. */
static struct table *current;

/*
 * Puts the state of a table into the kernel's variables, if it is not there
 * yet.  Pointers into these variables (the first element of a list points
 * back to its head) stay right, because the variables always lie at the same
 * addresses, whichever table they hold.
 *
 * When only one table is in use, as in a timed batch, this is one comparison.
 */
static void
switch_to(struct table *t)
{
	if (current != NULL) {
		current->first = LIST_FIRST(&vm_segments);
		current->recent = vm_segment_recent;
		current->nsegments = vm_nsegments;
		current->kmem_bytes = kmem_bytes;
	}
	LIST_FIRST(&vm_segments) = t->first;
	vm_segment_recent = t->recent;
	vm_nsegments = t->nsegments;
	kmem_bytes = t->kmem_bytes;
	current = t;
}

static inline void
enter(const void *self)
{
	if (self != current)
		switch_to((struct table *)(uintptr_t)self);
}

/*
 * Pointers to page descriptors in place of identities.  They are not followed,
 * so any number will do, but for NULL.
 */
static struct vm_page *
page_at(uint64_t identity)
{
	return (struct vm_page *)(uintptr_t)(identity + 1);
}

static uint64_t
page_identity(const struct vm_page *page)
{
	return (uint64_t)(uintptr_t)page - 1;
}

/* Whether pointers are wide enough for so many pages: a 32-bit system's. */
static bool
fit_pointers(uint64_t first_page, uint64_t pages)
{
	return first_page + pages < UINTPTR_MAX;
}

/* Kernels count their errors from 1; those of the interface are negative. */
static int
result(int error)
{
	switch (error) {
	case 0:
		return PHYSSEG_OK;
	case ENOMEM:
		return PHYSSEG_ENOMEM;
	default:
		return PHYSSEG_EINVAL;
	}
}

static void *
create(uint64_t page_size, uint64_t capacity)
{
	struct table *t = calloc(1, sizeof(*t));

	(void)page_size;
	(void)capacity;
	if (t == NULL)
		return NULL;
	enter(t);
	vm_segment_init();
	return t;
}

static void
destroy(void *self)
{
	struct vm_segment *vs;

	enter(self);
	while ((vs = LIST_FIRST(&vm_segments)) != NULL)
		(void)vm_segment_remove(vs->vs_start, vs->vs_end);
	current = NULL;
	free(self);
}

static int
plug(void *self, uint64_t start, uint64_t end, uint64_t first_page)
{
	const struct vm_segment *vs;

	enter(self);
	if (start >= end)
		return PHYSSEG_EINVAL;
	LIST_FOREACH(vs, &vm_segments, vs_list) {
		if (start < vs->vs_end && vs->vs_start < end)
			return PHYSSEG_EINVAL;
	}
	if (!fit_pointers(first_page, end - start))
		return PHYSSEG_EUNSUPPORTED;
	return result(vm_segment_add(start, end, page_at(first_page)));
}

static int
physload(void *self, uint64_t start, uint64_t end)
{
	return plug(self, start, end, 0);
}

static int
page_init(void *self, uint64_t start, uint64_t end, uint64_t first_page)
{
	struct vm_segment *vs;

	enter(self);
	if (start >= end)
		return PHYSSEG_EINVAL;
	vs = vm_segment_find(start);
	if (vs == NULL || vs->vs_start != start || vs->vs_end != end)
		return PHYSSEG_EINVAL;
	if (!fit_pointers(first_page, end - start))
		return PHYSSEG_EUNSUPPORTED;
	vs->vs_pages = page_at(first_page);
	return PHYSSEG_OK;
}

static int
unplug(void *self, uint64_t start, uint64_t end)
{
	const struct vm_segment *vs;

	enter(self);
	if (start >= end)
		return PHYSSEG_EINVAL;
	vs = vm_segment_find(start);
	if (vs == NULL || vs->vs_end < end)
		return PHYSSEG_EINVAL;
	return result(vm_segment_remove(start, end));
}

static inline struct physseg_answer
lookup(uint64_t pfn)
{
	struct physseg_answer answer = { 0, PHYSSEG_MISS };
	const struct vm_segment *vs = vm_segment_find(pfn);

	if (vs != NULL) {
		answer.segment_start = vs->vs_start;
		answer.page = page_identity(vm_segment_page(vs, pfn));
	}
	return answer;
}

static struct physseg_answer
find(const void *self, uint64_t pfn)
{
	enter(self);
	return lookup(pfn);
}

static void
find_batch(const void *self, const uint64_t *pfns,
    struct physseg_answer *answers, size_t count)
{
	size_t i;

	enter(self);
	for (i = 0; i < count; i++)
		answers[i] = lookup(pfns[i]);
}

static uint64_t
segments(const void *self)
{
	enter(self);
	return vm_nsegments;
}

static uint64_t
bytes(const void *self)
{
	enter(self);
	return kmem_bytes;
}

const struct physseg_backend *
physseg_backend_v1(void)
{
	static const struct physseg_backend backend = {
		.abi_version = PHYSSEG_ABI_VERSION,
		.struct_size = sizeof(struct physseg_backend),
		.flags = PHYSSEG_FLAG_LINEAR_UPDATES,
		.name = "kernel-code",
		.version = "1.0",
		.create = create,
		.destroy = destroy,
		.physload = physload,
		.page_init = page_init,
		.plug = plug,
		.unplug = unplug,
		.find = find,
		.find_batch = find_batch,
		.segments = segments,
		.bytes = bytes,
	};

	return &backend;
}
