/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Physical memory segments of a kernel.
 *
 * Stands for the file that you have: nothing in here knows of a harness, and
 * it does what such files do.  It keeps its state in globals, panics on calls
 * that should not be, sleeps on no lock in a lookup, and never tears anything
 * down.  The segments are on a list in the order of their frames; a lookup
 * begins at the one found last if that is not too high already.
 */

#ifdef _KERNEL
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/systm.h>

#include <vm/vm_page.h>
#endif

struct vm_segment {
	LIST_ENTRY(vm_segment) vs_list;
	paddr_t		vs_start;	/* first frame */
	paddr_t		vs_end;		/* frame after the last */
	struct vm_page	*vs_pages;	/* descriptor of vs_start */
};

static LIST_HEAD(, vm_segment) vm_segments;
static struct vm_segment *vm_segment_recent;
static size_t		vm_nsegments;
static kmutex_t		vm_segment_lock;	/* for changes, not lookups */

static void
vm_segment_init(void)
{

	mutex_init(&vm_segment_lock, MUTEX_DEFAULT, IPL_VM);
	LIST_INIT(&vm_segments);
	vm_segment_recent = NULL;
	vm_nsegments = 0;
}

static struct vm_segment *
vm_segment_find(paddr_t pfn)
{
	struct vm_segment *vs = vm_segment_recent;

	if (vs == NULL || pfn < vs->vs_start)
		vs = LIST_FIRST(&vm_segments);
	for (; vs != NULL && vs->vs_start <= pfn; vs = LIST_NEXT(vs, vs_list)) {
		if (pfn < vs->vs_end) {
			vm_segment_recent = vs;
			return vs;
		}
	}
	return NULL;
}

static struct vm_page *
vm_segment_page(const struct vm_segment *vs, paddr_t pfn)
{

	KASSERT(vs->vs_start <= pfn && pfn < vs->vs_end);
	return vs->vs_pages + (pfn - vs->vs_start);
}

static int
vm_segment_add(paddr_t start, paddr_t end, struct vm_page *pages)
{
	struct vm_segment *vs, *below = NULL, *new;

	KASSERT(start < end);
	new = kmem_alloc(sizeof(*new), KM_NOSLEEP);
	if (new == NULL)
		return ENOMEM;
	new->vs_start = start;
	new->vs_end = end;
	new->vs_pages = pages;

	mutex_enter(&vm_segment_lock);
	LIST_FOREACH(vs, &vm_segments, vs_list) {
		if (start < vs->vs_end && vs->vs_start < end)
			panic("%s: frame %#llx is there already", __func__,
			    (unsigned long long)MAX(start, vs->vs_start));
		if (end <= vs->vs_start)
			break;
		below = vs;
	}
	if (below == NULL)
		LIST_INSERT_HEAD(&vm_segments, new, vs_list);
	else
		LIST_INSERT_AFTER(below, new, vs_list);
	vm_nsegments++;
	mutex_exit(&vm_segment_lock);
	return 0;
}

static int
vm_segment_remove(paddr_t start, paddr_t end)
{
	struct vm_segment *vs, *upper = NULL;

	KASSERT(start < end);
	vs = vm_segment_find(start);
	if (vs == NULL || vs->vs_end < end)
		panic("%s: not inside one segment", __func__);
	if (vs->vs_start < start && end < vs->vs_end) {
		upper = kmem_alloc(sizeof(*upper), KM_NOSLEEP);
		if (upper == NULL)
			return ENOMEM;
	}

	mutex_enter(&vm_segment_lock);
	vm_segment_recent = NULL;
	if (upper != NULL) {
		upper->vs_start = end;
		upper->vs_end = vs->vs_end;
		upper->vs_pages = vm_segment_page(vs, end);
		vs->vs_end = start;
		LIST_INSERT_AFTER(vs, upper, vs_list);
		vm_nsegments++;
	} else if (vs->vs_start < start) {
		vs->vs_end = start;
	} else if (end < vs->vs_end) {
		vs->vs_pages = vm_segment_page(vs, end);
		vs->vs_start = end;
	} else {
		LIST_REMOVE(vs, vs_list);
		kmem_free(vs, sizeof(*vs));
		vm_nsegments--;
	}
	mutex_exit(&vm_segment_lock);
	return 0;
}
