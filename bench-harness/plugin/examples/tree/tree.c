/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * A small balanced tree: a treap, ordered by frames as a search tree and by
 * priorities as a heap.  With priorities drawn at random its depth is that of
 * a tree built in random order, whatever the order in fact, and neither
 * insertion nor removal needs rotations, parent pointers or recursion.
 *
 * The priorities are not really random but a sequence that every table begins
 * anew, so that the same operations give the same tree each time, and a
 * measurement can be repeated.
 */

#include <stdlib.h>

#include "physseg_backend.h"

struct node {
	uint64_t	start;
	uint64_t	end;
	uint64_t	first_page;
	struct node	*left;		/* below start */
	struct node	*right;		/* above end */
	uint64_t	priority;	/* no lower than those underneath */
};

struct table {
	struct node	*root;
	uint64_t	count;
	uint64_t	draws;		/* priorities handed out so far */
};

/* The next priority: a counter, its bits well mixed (as in splitmix64). */
static uint64_t
next_priority(struct table *t)
{
	uint64_t z = ++t->draws * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/*
 * Where the node that shares frames with [start, end) hangs, or NULL if none
 * does.  If there are several: one of them.
 */
static struct node **
overlapping(struct table *t, uint64_t start, uint64_t end)
{
	struct node **link = &t->root;

	while (*link != NULL) {
		struct node *n = *link;

		if (end <= n->start)
			link = &n->left;
		else if (n->end <= start)
			link = &n->right;
		else
			return link;
	}
	return NULL;
}

static struct node *
new_node(uint64_t start, uint64_t end, uint64_t first_page)
{
	struct node *n = malloc(sizeof(*n));

	if (n == NULL)
		return NULL;
	n->start = start;
	n->end = end;
	n->first_page = first_page;
	return n;
}

/*
 * Hangs a node into the tree; cannot fail.  It goes down to where its
 * priority is the highest.  The subtree that was there is unzipped: what is
 * lower becomes the node's left subtree, what is higher the right one.
 */
static void
insert(struct table *t, struct node *new)
{
	struct node **link = &t->root, **left = &new->left;
	struct node **right = &new->right, *n;

	new->priority = next_priority(t);
	while ((n = *link) != NULL && n->priority >= new->priority)
		link = new->start < n->start ? &n->left : &n->right;
	*link = new;
	while (n != NULL) {
		if (n->start < new->start) {
			*left = n;
			left = &n->right;
			n = n->right;
		} else {
			*right = n;
			right = &n->left;
			n = n->left;
		}
	}
	*left = *right = NULL;
	t->count++;
}

/* Takes the node that hangs at link out: its two subtrees are zipped up. */
static void
removed(struct table *t, struct node **link)
{
	struct node *old = *link, *a = old->left, *b = old->right;

	while (a != NULL && b != NULL) {
		if (a->priority >= b->priority) {
			*link = a;
			link = &a->right;
			a = a->right;
		} else {
			*link = b;
			link = &b->left;
			b = b->left;
		}
	}
	*link = a != NULL ? a : b;
	free(old);
	t->count--;
}

static void *
tree_create(uint64_t page_size, uint64_t capacity)
{
	(void)page_size;
	(void)capacity;
	return calloc(1, sizeof(struct table));
}

static void
tree_destroy(void *self)
{
	struct table *t = self;
	struct node *n = t->root;

	/*
	 * Without a stack: every left subtree is turned up over its parent,
	 * so that what remains is a list along the right.
	 */
	while (n != NULL) {
		struct node *next = n->left;

		if (next != NULL) {
			n->left = next->right;
			next->right = n;
		} else {
			next = n->right;
			free(n);
		}
		n = next;
	}
	free(t);
}

/* At boot and after it the same; at boot first_page is not known yet. */
static int
tree_plug(void *self, uint64_t start, uint64_t end, uint64_t first_page)
{
	struct table *t = self;
	struct node *n;

	if (start >= end || overlapping(t, start, end) != NULL)
		return PHYSSEG_EINVAL;
	if ((n = new_node(start, end, first_page)) == NULL)
		return PHYSSEG_ENOMEM;
	insert(t, n);
	return PHYSSEG_OK;
}

static int
tree_physload(void *self, uint64_t start, uint64_t end)
{
	return tree_plug(self, start, end, 0);
}

static int
tree_page_init(void *self, uint64_t start, uint64_t end, uint64_t first_page)
{
	struct node **link;

	if (start >= end || (link = overlapping(self, start, end)) == NULL ||
	    (*link)->start != start || (*link)->end != end)
		return PHYSSEG_EINVAL;
	(*link)->first_page = first_page;
	return PHYSSEG_OK;
}

static int
tree_unplug(void *self, uint64_t start, uint64_t end)
{
	struct table *t = self;
	struct node **link, *n, *upper;

	if (start >= end || (link = overlapping(t, start, end)) == NULL)
		return PHYSSEG_EINVAL;
	n = *link;
	if (start < n->start || n->end < end)
		return PHYSSEG_EINVAL;

	if (n->start == start && n->end == end) {
		removed(t, link);
	} else if (n->start == start) {
		/* A node that shrinks stays where it is in the order. */
		n->first_page += end - start;
		n->start = end;
	} else if (n->end == end) {
		n->end = start;
	} else {
		upper = new_node(end, n->end, n->first_page + (end - n->start));
		if (upper == NULL)
			return PHYSSEG_ENOMEM;
		n->end = start;
		insert(t, upper);
	}
	return PHYSSEG_OK;
}

static inline struct physseg_answer
lookup(const struct node *n, uint64_t pfn)
{
	struct physseg_answer answer = { 0, PHYSSEG_MISS };

	while (n != NULL) {
		if (pfn < n->start) {
			n = n->left;
		} else if (pfn >= n->end) {
			n = n->right;
		} else {
			answer.segment_start = n->start;
			answer.page = n->first_page + (pfn - n->start);
			break;
		}
	}
	return answer;
}

static struct physseg_answer
tree_find(const void *self, uint64_t pfn)
{
	const struct table *t = self;

	return lookup(t->root, pfn);
}

static void
tree_find_batch(const void *self, const uint64_t *pfns,
    struct physseg_answer *answers, size_t count)
{
	const struct table *t = self;
	const struct node *const root = t->root;
	size_t i;

	for (i = 0; i < count; i++)
		answers[i] = lookup(root, pfns[i]);
}

static uint64_t
tree_segments(const void *self)
{
	const struct table *t = self;

	return t->count;
}

/* What was asked for; what malloc adds to each node is not known here. */
static uint64_t
tree_bytes(const void *self)
{
	const struct table *t = self;

	return sizeof(*t) + t->count * sizeof(struct node);
}

const struct physseg_backend *
physseg_backend_v1(void)
{
	static const struct physseg_backend backend = {
		.abi_version = PHYSSEG_ABI_VERSION,
		.struct_size = sizeof(struct physseg_backend),
		.name = "tree",
		.version = "1.0",
		.create = tree_create,
		.destroy = tree_destroy,
		.physload = tree_physload,
		.page_init = tree_page_init,
		.plug = tree_plug,
		.unplug = tree_unplug,
		.find = tree_find,
		.find_batch = tree_find_batch,
		.segments = tree_segments,
		.bytes = tree_bytes,
	};

	return &backend;
}
